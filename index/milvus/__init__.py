"""An index in Milvus: Milvus Lite on this machine, or a server, by the same code."""
