"""`python -m hotline` is `hotline`."""

from hotline.commands import main

main()
