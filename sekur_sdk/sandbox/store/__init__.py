"""The sandbox's store: SQLite through SQLAlchemy, one writer thread, migrations with Alembic."""
