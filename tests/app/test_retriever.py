"""The hybrid search seen from LangChain."""

from app.assistant import Assistant
from app.retriever import ChartisteRetriever


def test_a_chain_gets_passages_with_their_source_and_offsets(assistant: Assistant) -> None:
    retriever = ChartisteRetriever(assistant=assistant, k=2)

    documents = retriever.invoke("Qui peut signer la charte ?")

    best = assistant.search("Qui peut signer la charte ?", 1).found[0]
    assert len(documents) == 2
    assert documents[0].id == best.passage.id
    assert documents[0].page_content == best.passage.text
    assert documents[0].metadata["source"]["title"] == "La charte d’alliance"
    assert documents[0].metadata["start"] == best.passage.start
    assert documents[0].metadata["release"] == assistant.release()


def test_offsets_of_a_chain_s_passages_give_their_text(assistant: Assistant) -> None:
    for found in ChartisteRetriever(assistant=assistant).invoke("adhésion"):
        document = assistant.document(found.metadata["source"]["id"])
        assert document is not None
        start, end = found.metadata["start"], found.metadata["end"]
        assert document.text[start:end] == found.page_content
