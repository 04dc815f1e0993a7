"""Files that people hand in: looked at before they are kept, without what a camera hides in them, sealed, under random
names outside of the web's reach.
"""

import os
import re
import warnings
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from zhiyuan.domain.foundation.ids import new_capability
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.sealed import seal_bytes, unseal_bytes

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 30_000_000
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "pdf": "application/pdf"}
_IMAGES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_NAME = re.compile(r"[0-9a-z]{26}\.(jpg|png|webp|pdf)")
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA|RichMedia|XFA)\b")
ORPHANED_AFTER = timedelta(days=1)


class UploadObstacle(TextChoices):
    TOO_LARGE = "file_too_large", _("The file is larger than 5 MB. A smaller picture will do.")
    NOT_ALLOWED = "file_not_allowed", _("Only pictures (JPEG, PNG, WebP) and PDF files can be handed in.")
    BROKEN = "file_broken", _("This file cannot be read. Please take the picture again, or save the PDF anew.")
    ACTIVE = "file_active", _("This PDF holds programs or other files. Please hand in a picture or a plain PDF.")


@dataclass(frozen=True)
class Upload:
    """A file that was looked at: `content` is what may be kept."""

    suffix: str
    content: bytes


def look_at(content: bytes) -> Upload:
    """Refuses what is too large, of another kind, broken, or does something when opened."""
    if len(content) > MOST_BYTES:
        raise Refused(UploadObstacle.TOO_LARGE)
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (content[:4], content[8:12]) == (
        b"RIFF",
        b"WEBP",
    ):
        return _image(content)
    raise Refused(UploadObstacle.NOT_ALLOWED)


def _pdf(content: bytes) -> Upload:
    if b"%%EOF" not in content[-1024:]:
        raise Refused(UploadObstacle.BROKEN)
    if _ACTIVE.search(content):
        raise Refused(UploadObstacle.ACTIVE)
    return Upload("pdf", content)


def _image(content: bytes) -> Upload:
    """Decoded and written anew: the place where it was taken, and whatever else hides in it, does not come along."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(content), formats=tuple(_IMAGES)) as image:
                kind = str(image.format)
                if image.width * image.height > MOST_PIXELS:
                    raise Refused(UploadObstacle.TOO_LARGE)
                upright = ImageOps.exif_transpose(image)
                plain = upright.convert("RGBA" if kind != "JPEG" and upright.has_transparency_data else "RGB")
        plain.info.clear()
        written = BytesIO()
        plain.save(written, format=kind)
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise Refused(UploadObstacle.BROKEN) from error
    return Upload(_IMAGES[kind], written.getvalue())


@dataclass(frozen=True)
class Folder:
    """Where the files of one subject lie."""

    name: str

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("no name of a kept file")
        return Path(settings.DATA) / "files" / self.name / name[:2] / name

    def keep(self, upload: Upload) -> str:
        """Write it down for good; the name belongs into a row of the same transaction."""
        name = f"{new_capability()}.{upload.suffix}"
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(seal_bytes(upload.content, f"{self.name}/{name}"))
            file.flush()
            os.fsync(file.fileno())
        return name

    def read(self, name: str) -> bytes:
        return unseal_bytes(self._path(name).read_bytes(), f"{self.name}/{name}")

    def discard(self, name: str) -> None:
        """Take it away once the transaction that took its row away has come true."""
        path = self._path(name)
        transaction.on_commit(lambda: path.unlink(missing_ok=True))

    def sweep(self, known: Container[str], *, at: datetime) -> int:
        """Take away what no row has named for a day: its transaction never came true. Returns how many."""
        swept = 0
        for path in (Path(settings.DATA) / "files" / self.name).glob("*/*"):
            if path.name not in known and path.stat().st_mtime < (at - ORPHANED_AFTER).timestamp():
                path.unlink(missing_ok=True)
                swept += 1
        return swept
