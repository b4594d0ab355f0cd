"""CDR files, one layout each: ``read(source, element_id, file_id, …) -> Read``, streaming, a bad line stops nothing."""
