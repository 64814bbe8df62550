"""An app that declares jobs whose runs leave a line in a file, for tests across processes."""
