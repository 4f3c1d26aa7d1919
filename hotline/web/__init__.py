"""What API and pages share at the edge: access, sign-in, uploads, the log of views."""
