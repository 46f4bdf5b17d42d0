package lab

import "testing"

func TestSameName(t *testing.T) {
	for _, file := range []string{"tables.sql", "Tables.SQL", "tables (1).sql", "tables(2).sql", "tables.sql.txt", "tables - Copy.sql", "tables copy.sql",
		"Copy of tables.sql", "tables (1).sql.txt", "tables (1) (1).sql"} {
		if !SameName(file, "tables.sql") {
			t.Errorf("%q isn't taken for tables.sql", file)
		}
	}
	for _, file := range []string{"tables", "tables.txt", "mytables.sql", "tables2.sql", "tables.sql.bak", "tables.sql~", ".tables.sql.swp", "#tables.sql#", "tables.sql.orig", "", "._tables.sql", "tables (x).sql"} {
		if SameName(file, "tables.sql") {
			t.Errorf("%q is taken for tables.sql", file)
		}
	}
	if !SameName("index-template (1).json", "index-template.json") || SameName("template.json", "index-template.json") {
		t.Error("index-template.json")
	}
}
