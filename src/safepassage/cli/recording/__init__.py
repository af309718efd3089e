"""The commands of `safepassage ledger`, imported only when one of them is called."""
