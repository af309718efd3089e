"""The operations room and the phones: one page that answers, and what is entered at it."""
