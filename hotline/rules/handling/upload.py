"""What may be handed in: kinds of files by their content, sizes, and names that are only names."""

import unicodedata

LARGEST = 20 * 1024 * 1024
MOST = 20
LONGEST_NAME = 120
# What people hand in: scans, photographs, office documents, recordings. Nothing that a browser would run.
KINDS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/bmp": ("bmp",),
    "image/tiff": ("tif", "tiff"),
    "application/msword": ("doc",),
    "application/vnd.ms-excel": ("xls",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "audio/mpeg": ("mp3",),
    "audio/x-wav": ("wav",),
    "audio/m4a": ("m4a",),
    "audio/amr": ("amr",),
    "video/mp4": ("mp4",),
    "text/plain": ("txt", "csv"),
}


def safe_name(name: str, media_type: str) -> str:
    """The last part of a name without control and path characters, ending as its content says."""
    plain = unicodedata.normalize("NFKC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in plain if unicodedata.category(c)[0] not in "C" and c not in '<>:"|?*').strip(" .")
    stem, dot, ending = plain.rpartition(".")
    endings = KINDS[media_type]
    if not dot or ending.lower() not in endings:
        stem, ending = plain, endings[0]
    return f"{stem[:LONGEST_NAME] or '附件'}.{ending.lower()}"
