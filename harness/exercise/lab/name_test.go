package lab

import (
	"strings"
	"testing"
)

func TestSameName(t *testing.T) {
	for _, file := range []string{"tables.sql", "Tables.SQL", "tables (1).sql", "tables(2).sql", "tables.sql.txt", "tables - Copy.sql", "tables copy.sql",
		"Copy of tables.sql", "tables (1).sql.txt", "tables (1) (1).sql",
		"tables - Copia.sql", "tables - Kopie (2).sql", "Copia de tables.sql", "Kopie von tables.sql", "tables 2.sql", "tables copy 2.sql", "tables-LAPTOP-7H2K3.sql", "tables-DESKTOP-AB12CDE.sql",
		"tables (Ada's conflicted copy 2026-11-27).sql"} {
		if !SameName(file, "tables.sql") {
			t.Errorf("%q isn't taken for tables.sql", file)
		}
	}
	for _, file := range []string{"tables", "tables.txt", "mytables.sql", "tables2.sql", "tables-v2.sql", "tables-test.sql", "tables.sql.bak", "tables.sql~", ".tables.sql.swp", "#tables.sql#", "tables.sql.orig", "", "._tables.sql", "tables (x).sql"} {
		if SameName(file, "tables.sql") {
			t.Errorf("%q is taken for tables.sql", file)
		}
	}
	if !SameName("index-template (1).json", "index-template.json") || SameName("template.json", "index-template.json") {
		t.Error("index-template.json")
	}
}

func TestMeant(t *testing.T) {
	for _, c := range []struct{ files, names, want, meant string }{
		{"kibana-7.ndjson", "export.ndjson README.md", "kibana-7.ndjson", "export.ndjson"},
		{"kibana-7.ndjson", "export.ndjson export-old.ndjson", "kibana-7.ndjson", ""},
		{"kibana-7.ndjson", "export.ndjson kibana-7.ndjson", "kibana-7.ndjson", "kibana-7.ndjson"},
		{"dashboard.json datasource.yaml", "Rows-1700000000000.json elastic.yml", "dashboard.json", "Rows-1700000000000.json"},
		{"dashboard.json datasource.yaml", "Rows-1700000000000.json elastic.yml", "datasource.yaml", "elastic.yml"},
		{"publish.py consume.py", "consume.py", "publish.py", ""},
		{"publish.py consume.py", "a.py consume.py", "publish.py", ""},
		{"tables.sql", "Tables.sql lab3.sql", "tables.sql", "Tables.sql"},
		{"tables.sql", ".tables.sql.swp tables.sql~", "tables.sql", ""},
		{"Dockerfile compose.yaml", "docker-compose.yml", "compose.yaml", "docker-compose.yml"},
		{"tables.sql", "Tables.txt README.md", "tables.sql", "Tables.txt"},
		{"tables.sql", "tables.txt answer.sql", "tables.sql", "answer.sql"},
		{"tables.sql", "notes.txt tables.docx", "tables.sql", ""},
		{"publish.py consume.py", "publish.txt consume.py", "publish.py", "publish.txt"},
		{"Dockerfile compose.yaml", "Dockerfile.txt", "Dockerfile", "Dockerfile.txt"},
		{"Dockerfile compose.yaml", "README", "Dockerfile", ""},
	} {
		l := Lab{Files: strings.Fields(c.files)}
		if got := l.Meant(strings.Fields(c.names), c.want); got != c.meant {
			t.Errorf("%s of %s: %q, want %q", c.want, c.names, got, c.meant)
		}
	}
}
