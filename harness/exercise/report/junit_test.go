package report

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/verify/hop"
)

func TestJUnitReadsBack(t *testing.T) {
	text, err := reports()["class"].JUnit()
	if err != nil {
		t.Fatal(err)
	}
	var got junitReport
	if err := xml.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got.junitCounts != (junitCounts{9, 3, 1, 2, "4.500"}) {
		t.Errorf("counts %+v", got.junitCounts)
	}
	var names []string
	for _, s := range got.Suites {
		names = append(names, s.Name)
		if s.Tests != len(s.Cases) {
			t.Errorf("%s has %d cases, and says %d", s.Name, len(s.Cases), s.Tests)
		}
	}
	want := []string{"=cmd|' /C calc'!A1: 02-bridge", "ane: 02-bridge", "ane: 03-flink", "no-checks: 02-bridge", "zuriñe: 02-bridge", "zuriñe: 03-flink"}
	if !slices.Equal(names, want) {
		t.Errorf("suites %q, want %q", names, want)
	}
}

func TestJUnitOutcomes(t *testing.T) {
	for outcome, want := range map[hop.Outcome][3]bool{
		hop.Passed: {}, hop.Failed: {true, false, false}, hop.Error: {false, true, false}, hop.Skipped: {false, false, true},
	} {
		c := Check{ID: "c", Title: "T.", Outcome: outcome}.testcase("a.b", "02-bridge")
		if got := [3]bool{c.Failure != nil, c.Error != nil, c.Skipped != nil}; got != want {
			t.Errorf("%s: %v, want %v", outcome, got, want)
		}
		if c.Class != "a_b.02-bridge" || c.Name != "c: T." {
			t.Errorf("%s.%s", c.Class, c.Name)
		}
	}
}

// TestJUnitTakesAnyText: XML has no way at all to write some characters.
func TestJUnitTakesAnyText(t *testing.T) {
	var every strings.Builder
	for r := range rune(0x300) {
		every.WriteRune(r)
	}
	every.WriteString("\ufffe\uffff\xff\xc3]]><!--<?xml")
	text := every.String()
	s := Student{Name: text, Labs: []Grade{{ID: text, Title: text, Checks: []Check{
		{ID: text, Title: text, Outcome: hop.Failed, Reason: text, Actual: text},
		{ID: text, Title: text, Outcome: hop.Skipped, Reason: text},
	}}}}
	out, err := (Report{Students: []Student{s}}).JUnit()
	if err != nil {
		t.Fatal(err)
	}
	var got junitReport
	if err := xml.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if text := got.Suites[0].Cases[0].Failure.Text; !strings.Contains(text, "␀␁") || !strings.Contains(text, "]]><!--<?xml") {
		t.Errorf("failure says %q", text)
	}
}
