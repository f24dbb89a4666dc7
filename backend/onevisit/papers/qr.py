"""How does a link get on paper? As a QR code in SVG, as coarse as the text allows, with the quiet zone of ISO/IEC 18004."""

import io
from typing import Literal

import segno


def qr_svg(text: str, level: Literal["L", "M", "Q", "H"] = "M") -> str:
    """The QR code of `text`; printed papers are folded and copied, so M unless the text is long."""
    if not text:
        raise ValueError("a QR code of nothing")
    code = segno.make_qr(text, error=level, boost_error=False)
    out = io.BytesIO()
    code.save(out, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True, nl=False)
    return out.getvalue().decode()
