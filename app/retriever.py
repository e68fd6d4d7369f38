"""The hybrid search as a LangChain ``BaseRetriever``, for chains of that ecosystem.

retriever = ChartisteRetriever(assistant=assistant, k=5)
documents = retriever.invoke("Qui peut signer la charte ?")
"""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from app.answers import source_as_json
from app.assistant import Assistant


class ChartisteRetriever(BaseRetriever):
    """Passages of the release in service; metadata hold the source, the offsets and the score."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = 5

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        search = self.assistant.search(query, self.k)
        return [
            Document(
                id=entry.passage.id,
                page_content=entry.passage.text,
                metadata={
                    "source": source_as_json(entry.source),
                    "heading": list(entry.passage.heading),
                    "start": entry.passage.start,
                    "end": entry.passage.end,
                    "score": entry.score,
                    "release": search.release,
                },
            )
            for entry in search.found
        ]
