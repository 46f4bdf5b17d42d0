package flink

import (
	"slices"
	"testing"
)

func TestBegins(t *testing.T) {
	for text, want := range map[string]bool{"select 1": true, "SELECT/* */1": true, "WITH": true, "SELECTION": false, "(SELECT 1)": false, "": false} {
		if got := (Statement{Text: text}).Begins("SELECT", "WITH"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestTokens(t *testing.T) {
	statements, err := Parse("x.sql", "\n  SELECT '${a}' /* no */, `b` -- c\n  /*+ d */ 'it''s'", map[string]string{"a": "longer"})
	if err != nil {
		t.Fatal(err)
	}
	code, comments, err := statements[0].Tokens()
	want := []Token{
		{Word, "SELECT", 2, 3}, {Text, "longer", 2, 10}, {Symbol, ",", 2, 25}, {Name, "b", 2, 27},
		{Symbol, "/*+", 3, 3}, {Word, "d", 3, 7}, {Symbol, "*/", 3, 9}, {Text, "it's", 3, 12},
	}
	if err != nil || !slices.Equal(code, want) {
		t.Errorf("got %v, %v", code, err)
	}
	if len(comments) != 2 || comments[0].Text != "/* no */" || comments[1].Text != "-- c" {
		t.Errorf("got comments %v", comments)
	}
	if _, _, err := (Statement{Text: "SELECT 'x"}).Tokens(); err == nil {
		t.Error("text without an end has tokens")
	}
}
