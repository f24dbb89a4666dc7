"""OneVisit 一次查: one visit, several departments, one record that anybody can check."""
