"""`python -m safepassage` is `safepassage`."""

from safepassage.cli import main

main()
