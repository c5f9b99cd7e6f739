"""The way to the portal: names, proxies, connections, TLS and a bit of HTTP, each under a deadline."""
