"""A web application without pages: every address is unknown to it."""

urlpatterns: list[object] = []
