"""Pure rules over answers: conditions, values, dates, deadlines and scope."""
