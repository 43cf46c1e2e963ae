"""The office side of the shop: what is asked of the order book, and the one thing that is changed by hand.

Customers, orders and payments are entered by the till, the web shop and now and then an import. This package reads
what they wrote: ``db`` opens the database, ``queries.sql`` holds the statements, ``queries`` runs them by
name, and ``python3 -m app`` puts them on the command line.
"""
