"""The bundled encoder: a folder that also works outside Youju."""
