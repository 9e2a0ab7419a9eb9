"""Who knows whom: QR tokens, requests, connections and blocks."""
