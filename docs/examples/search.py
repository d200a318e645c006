"""Finds photos and saves the preview of the best, with Python's standard library alone.

python3 search.py "a boat at night" preview.jpg [ADDRESS [KEY]]
"""

import json
import sys
import urllib.request

words, preview, *rest = sys.argv[1:]
address = rest[0] if rest else "http://127.0.0.1:7280"
key = {"x-api-key": rest[1]} if len(rest) > 1 else {}


def ask(path, body=None):
    headers = {"content-type": "application/json", **key}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(address + path, data, headers)) as answer:
        return answer.read()


hits = json.loads(ask("/api/search", {"text": words, "limit": 3}))["hits"]
for hit in hits:
    print(f"{hit['score']:.3f}  {hit['path']}")
if hits:
    with open(preview, "wb") as file:
        file.write(ask(hits[0]["thumbnailUrl"]))
