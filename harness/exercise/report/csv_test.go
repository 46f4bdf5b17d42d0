package report

import (
	"encoding/csv"
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"ane": "ane", "": "", "a=b": "a=b", "ane-1@x": "ane-1@x",
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)",
		"  =1": "'=1", "\t=1": "'=1", "\r=1": "␍=1", "\n-1": "'-1", "\u00a0=1": "'=1",
		"＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x",
		"a\n=b": "a =b",
	} {
		if got := Plain(text); got != want {
			t.Errorf("Plain(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestCSVReadsBack(t *testing.T) {
	odd := "=a,\"b\";\nc"
	lab := bridgeLab()
	lab.ID = odd
	text, err := (Report{Students: []Student{{Name: odd, Labs: []Grade{lab}}, {Name: "ane", Labs: nil}}}).CSV()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := "student|'=a,\"b\"; c|total|max\n'=a,\"b\"; c|4|4|4\nane||0|0"
	var got []string
	for _, row := range rows {
		got = append(got, strings.Join(row, "|"))
	}
	if strings.Join(got, "\n") != want {
		t.Errorf("read %q, want %q", got, want)
	}
}
