"""The whole chain as people walk it: pages fetched, forms read and sent; over HTTP on a running system, or through a test client."""
