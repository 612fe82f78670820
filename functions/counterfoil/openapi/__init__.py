"""The API as an OpenAPI document, read from what checks requests and answers them."""
