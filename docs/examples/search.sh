#!/bin/sh
# Finds photos with curl: sh search.sh "a boat at night" [ADDRESS [KEY]]
set -eu
curl --silent --show-error --fail-with-body "${2:-http://127.0.0.1:7280}/api/search" \
  --header 'content-type: application/json' \
  ${3:+--header "x-api-key: $3"} \
  --data "{\"text\": \"$1\", \"limit\": 3}"
