package mdtable

import "testing"

func TestTable(t *testing.T) {
	table := New("what", "rows:")
	table.Row("kill"+table.Note("a queue"), "1")
	table.Row("cut"+table.Note("no answer")+table.Note(""), "2")
	table.Row("pause"+table.Note("a queue"), Escape("3|<4\n5"))
	want := "| what | rows |\n|---|--:|\n| kill (1) | 1 |\n| cut (2) | 2 |\n| pause (1) | 3\\|&lt;4 5 |\n\n1. a queue\n2. no answer\n"
	if got := table.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := New("a").String(), "| a |\n|---|\n"; got != want {
		t.Errorf("without rows: %q, want %q", got, want)
	}
}
