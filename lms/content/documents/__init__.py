"""Documents of office programs, and PDFs. A hostile file can make their readers slow or hungry: run them in a child
process (``core/isolated.py``)."""
