"""Where the bytes of attachments lie."""
