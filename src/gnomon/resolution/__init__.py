"""8.6 Resolution and fulfilment: incidents now; service requests and problems stand beside them."""
