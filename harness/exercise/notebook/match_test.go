package notebook

import (
	"strings"
	"testing"
)

var matchParams = map[string]string{"index": "rows_7f", "es": "127.0.0.1:9200"}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		shown, actual string
		same          bool
	}{
		{"a", "a", true},
		{"a", "b", false},
		{"a", "A", false},
		{"a.c", "abc", false},
		{"a \n\n", "a\t\r\n", true},
		{" a", "a", false},
		{"", "", true},
		{"", "a", false},
		{"a", "", false},
		{"a\n\nb", "a\nb", false},
		{"a[..]", "a", true},
		{"[..]\nb", "\nb", true},
		{"[..]", "", false},
		{"a[..]c", "abbc", true},
		{"a[..]c", "ab", false},
		{"n [N]!", "n 3,000!", true},
		{"n [N], [N]", "n -1.25, 6e-3", true},
		{"n [N]", "n 30,00", false},
		{"n [N]", "n five", false},
		{"[N] rows", "x 5 rows", false},
		{"[N] [..]", "[N] x", true},
		{"n [N]", "n ", false},
		{"[TIME] up", "2023-11-14T22:13:20.05Z up", true},
		{"[TIME]", "2023-11-14 22:13", true},
		{"[TIME]", "2023-11-14T22:13:20+01:00", true},
		{"[TIME]", "2023-11-14", false},
		{"job [ID] started", "job 3f2a-b_c9 started", true},
		{"job [ID] started", "job a b started", false},
		{"job [ID] started", "job  started", false},
		{"${index} at ${es}", "rows_7f at 127.0.0.1:9200", true},
		{"${es}", "127x0.0.1:9200", false},
		{"${nope}", "x", false},
		{"[X] [n]", "[X] [n]", true},
		{"...", "", true},
		{"...", "a\nb", true},
		{"a\n...\nd", "a\nb\nc\nd", true},
		{"a\n...\nd", "a\nd", true},
		{"a\n...\nd", "a\nb\nd\ne", false},
		{"a\n...\nb\n...\nc", "a\nb\nc\nx\nb\nc", true},
		{"...\nb", "a\nb\nb", true},
		{"a ...", "a b", false},
	} {
		d := Match(Output{Text: test.shown}, test.actual, matchParams)
		if (d == nil) != test.same {
			t.Errorf("Match(%q, %q) = %v, want same %v", test.shown, test.actual, d, test.same)
		}
	}
}

// TestAnyTextCanBeShown: a wildcard that was printed is itself.
func TestAnyTextCanBeShown(t *testing.T) {
	text := "[..] [N] [TIME] [ID] ${index}\n...\n("
	if d := Match(Output{Text: text}, text, matchParams); d != nil {
		t.Error(d)
	}
}

func TestDifference(t *testing.T) {
	shown := Output{Page: "README.md", Line: 40, Text: "count\n...\nrow [N]\nsame\nlast\n"}
	d := Match(shown, "count\nx\ny\nrow five\nsame\nlast\nmore\n", nil)
	want := `README.md:43: the output isn't what the page shows (- the page, + the output):
   41   count
   42   ...
   43 - row [N]
      + row five
   44   same
   45   last
      + more
`
	if d == nil || d.String() != want {
		t.Fatalf("got\n%v\nwant\n%s", d, want)
	}
	if d.Line != 43 || d.Expected != "row [N]" || d.Actual != "row five" {
		t.Errorf("got %+v", d)
	}
}

func TestDifferenceIsShort(t *testing.T) {
	long := strings.Repeat("x", 5000)
	d := Match(Output{Page: "a.md", Line: 1, Text: "a\n"}, strings.Repeat(long+"\n", 5000), nil)
	if d == nil || len(d.String()) > 10_000 || !strings.Contains(d.String(), "and 4977 more lines") {
		t.Errorf("got %d bytes: %.200s … %s", len(d.String()), d, d.String()[max(0, len(d.String())-100):])
	}
	same := strings.Repeat("a\n", maxCompared)
	if d := Match(Output{Line: 1, Text: same}, same+"b\n", nil); d == nil || d.Line != maxCompared+2 {
		t.Errorf("a difference after what is compared: %+v", d)
	}
}

func TestMatchManyDots(t *testing.T) {
	shown := strings.Repeat("...\na\n", 200) + "b"
	if Match(Output{Text: shown}, strings.Repeat("a\n", 20_000), nil) == nil {
		t.Error("it matches")
	}
}
