"""Plain algorithms: values in, values out, no framework."""
