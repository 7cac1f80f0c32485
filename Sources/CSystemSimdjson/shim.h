// Names the library only: its C++ face is read by CSimdjson, never by Swift.
