"""From records to the certificate: the requirement catalogue, checks, verdicts and the conformity board."""
