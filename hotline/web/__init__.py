"""The edge that API and pages share: access, sign-in, uploads, the log of views."""
