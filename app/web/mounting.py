"""How a page of Gradio's is mounted: nothing of its own around it, and no third party."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import gradio as gr
from fastapi import FastAPI
from gradio.themes.utils import sizes
from starlette.routing import Mount


def mount_blocks(
    app: FastAPI, make: Callable[[], gr.Blocks], path: str
) -> tuple[Mount, Callable[[], None]]:
    """Mount a page below ``path``: its route, and what ends the streams of pages that are open.

    It is made here, where an event loop runs: elsewhere Gradio opens one for each of its locks and
    never closes it.
    """

    async def mounted() -> None:
        gr.mount_gradio_app(
            app,
            make(),
            path,
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            show_error=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            theme=_theme(),
            app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        )

    asyncio.run(mounted())
    route = app.router.routes[-1]
    assert isinstance(route, Mount)
    gradio_app = route.app
    return route, lambda: gradio_app.stop_event.set()  # type: ignore[attr-defined]


def _theme() -> gr.themes.Base:
    fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
    return gr.themes.Base(
        font=fonts, font_mono=["ui-monospace", "monospace"], text_size=sizes.text_lg
    )
