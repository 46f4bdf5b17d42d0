package panel

import (
	"strings"
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	now := time.Date(2024, 2, 29, 12, 34, 56, 0, time.UTC)
	today := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		text string
		end  bool
		want time.Time
	}{
		{"2023-11-14T22:10:00.000Z", false, time.Date(2023, 11, 14, 22, 10, 0, 0, time.UTC)},
		{"2023-11-14T23:10:00+01:00", true, time.Date(2023, 11, 14, 22, 10, 0, 0, time.UTC)},
		{"now", false, now}, {"now-15m", false, now.Add(-15 * time.Minute)}, {"now+1w", true, now.Add(7 * 24 * time.Hour)},
		{"now-500ms", false, now.Add(-500 * time.Millisecond)}, {"now-1d+2h", false, now.Add(-22 * time.Hour)},
		{"now-5y", false, time.Date(2019, 3, 1, 12, 34, 56, 0, time.UTC)}, {"now-1M", false, time.Date(2024, 1, 29, 12, 34, 56, 0, time.UTC)},
		{"now/d", false, today}, {"now/d", true, today.Add(24*time.Hour - time.Millisecond)}, {"now-1d/d", false, today.Add(-24 * time.Hour)},
		{"now-5y/y", false, time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)}, {"now/M", true, time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC).Add(-time.Millisecond)},
	} {
		if got, err := ParseTime(c.text, now, c.end); err != nil || !got.Equal(c.want) {
			t.Errorf("%s: %v, %v; want %v", c.text, got, err, c.want)
		}
	}
	for text, want := range map[string]string{
		"": "isn't a time", "later": "isn't a time", "2023-11-14": "isn't a time", "now-": "want now with steps", "now-m": "want now with steps",
		"now-1q": `the unit "q"`, "now/": `rounding to ""`, "now/w": `rounding to "w"`, "now-15m/": `rounding to ""`, "nowhere": "want now with steps",
		"now-99999999999999999999d": "value out of range",
	} {
		if got, err := ParseTime(text, now, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %q", text, got, err, want)
		}
	}
}
