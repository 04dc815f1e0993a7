"""Pictures that a page draws itself."""

import segno


class QrPicture:
    """A QR code as one path of an SVG: `viewBox` of `size` on each side."""

    def __init__(self, text: str) -> None:
        rows = segno.make(text, error="m", micro=False).matrix
        self.size = len(rows)
        self.path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
