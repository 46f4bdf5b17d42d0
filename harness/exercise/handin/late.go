package handin

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// LateRule says what being late costs.
type LateRule struct {
	Percent float64       // of the points, for each Per that has begun; once if Per is 0
	Per     time.Duration // a day or an hour
	Most    float64       // percentage; 0 stands for all points
	Grace   time.Duration // how late is still in time
}

// ParseLate reads a rule such as "10%/day,max=50%,grace=15m". An empty text is the
// rule that marks late work and takes no points.
func ParseLate(text string) (rule LateRule, err error) {
	for i, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		key, value, named := strings.Cut(part, "=")
		switch {
		case part == "" && i == 0:
		case key == "max" && named:
			rule.Most, err = percentage(value)
		case key == "grace" && named:
			if rule.Grace, err = time.ParseDuration(value); err == nil && rule.Grace < 0 {
				err = fmt.Errorf("it is negative")
			}
		case i == 0 && !named:
			err = rule.price(part)
		default:
			err = fmt.Errorf("it isn't known")
		}
		if err != nil {
			return rule, fmt.Errorf("the rule for late work %q: %q: %w; want such as 10%%/day,max=50%%,grace=15m", text, part, err)
		}
	}
	return rule, nil
}

func (r *LateRule) price(text string) (err error) {
	amount, per, each := strings.Cut(text, "/")
	if r.Per = map[string]time.Duration{"day": 24 * time.Hour, "hour": time.Hour}[per]; each && r.Per == 0 {
		return fmt.Errorf("it is per day or per hour")
	}
	r.Percent, err = percentage(amount)
	return err
}

func percentage(text string) (float64, error) {
	number, ok := strings.CutSuffix(text, "%")
	value, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil || !(value >= 0 && value <= 100) {
		return 0, fmt.Errorf("want a percentage from 0%% to 100%%")
	}
	return value, nil
}

// Off returns which percentage of the points work costs that came late by a time.
func (r LateRule) Off(by time.Duration) float64 {
	if by <= r.Grace {
		return 0
	}
	off := r.Percent
	if r.Per > 0 {
		off *= math.Ceil(float64(by) / float64(r.Per))
	}
	most := r.Most
	if most == 0 {
		most = 100
	}
	return min(off, most)
}

// Late says how late a submission is, "" where it came in time or nobody knows when
// it came, and which percentage of the points that costs. due counts where the roster
// has no date for the student.
func (s Submission) Late(rule LateRule, due time.Time) (text string, off float64) {
	var at time.Time
	if s.Entry != nil {
		at = s.Entry.HandedIn
		if !s.Entry.Due.IsZero() {
			due = s.Entry.Due
		}
	}
	if at.IsZero() || due.IsZero() {
		if s.Origin.Late { // Canvas doesn't say by how much
			return "late", rule.Off(rule.Grace + 1)
		}
		return "", 0
	}
	by := at.Sub(due)
	if by <= rule.Grace {
		return "", 0
	}
	return "late by " + span(by), rule.Off(by)
}

// span writes a duration as a person reads it.
func span(by time.Duration) string {
	switch days := int(by.Hours()) / 24; {
	case days >= 2:
		return fmt.Sprintf("%d days %d h", days, int(by.Hours())%24)
	case by >= time.Hour:
		return fmt.Sprintf("%d h %d min", int(by.Hours()), int(by.Minutes())%60)
	default:
		return fmt.Sprintf("%d min", max(1, int(by.Minutes())))
	}
}
