"""CDR files, one layout a file: ``read(source, element_id, file_id, …) -> Read``, streaming, a bad line stops nothing."""
