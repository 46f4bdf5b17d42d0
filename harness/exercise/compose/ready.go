package compose

import (
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

var (
	fixedSleep = regexp.MustCompile(`\bsleep\s+[0-9]`)
	asksInLoop = regexp.MustCompile(`\b(while|until)\b`)
	asksNobody = regexp.MustCompile(`^(true|:|exit 0|/bin/true|sleep\b.*|echo\b[^|&;]*)$|(\|\||;)\s*(true|:|exit 0|/bin/true)\s*$`)
	// ends says after how many messages, or at which time, mosquitto_sub ends (its manual, -C and -E).
	ends = regexp.MustCompile(`\s-\w*[CE]`)
	// expanded is a topic in which a shell puts its own variable SYS.
	expanded = regexp.MustCompile(`(^|[^\\'])\$SYS`)
)

// Ready finds services that don't wait until those that they use answer.
func (f *File) Ready() (found []*Finding) {
	for _, name := range f.Services() {
		s := f.Project.Services[name]
		for key, words := range map[string][]string{"command": s.Command, "entrypoint": s.Entrypoint} {
			if text := strings.Join(words, " "); fixedSleep.MatchString(text) && !asksInLoop.MatchString(text) {
				found = append(found, f.at(name, key, "it sleeps a fixed time: too short on a slow machine, too long on others"))
			}
		}
		var used []string
		for _, a := range given(s) {
			if to, _ := f.named(name, a.host); to != "" && to != name && !slices.Contains(used, to) {
				used = append(used, to)
			}
		}
		slices.Sort(used)
		for _, to := range used {
			if why := waits(s, to); why != "" {
				found = append(found, f.at(name, "depends_on", "%s", why))
			}
		}
	}
	return append(found, f.unhealthy()...)
}

// waits says how a service doesn't wait for one that it uses, or "".
func waits(s types.ServiceConfig, to string) string {
	switch on, there := s.DependsOn[to]; {
	case !there:
		return "it uses " + to + " and doesn't depend on it"
	case on.Condition != types.ServiceConditionHealthy:
		return "it waits until " + to + " is started, not until it answers: the condition service_healthy is missing"
	}
	return ""
}

// unhealthy finds services for whose health others wait, and who don't say it.
func (f *File) unhealthy() (found []*Finding) {
	waitedFor := map[string]bool{}
	for _, s := range f.Project.Services {
		for to, on := range s.DependsOn {
			waitedFor[to] = waitedFor[to] || on.Condition == types.ServiceConditionHealthy
		}
	}
	for _, name := range f.Services() {
		check := f.Project.Services[name].HealthCheck
		switch {
		case !waitedFor[name]:
		case check == nil || check.Disable || len(check.Test) == 0 || check.Test[0] == "NONE":
			found = append(found, f.at(name, "healthcheck", "others wait until it is healthy, and nothing says when it is: it needs a healthcheck"))
		default:
			if why := saysNothing(check.Test[0] == "CMD-SHELL", strings.TrimSpace(strings.Join(check.Test[1:], " "))); why != "" {
				found = append(found, f.at(name, "healthcheck", "its healthcheck %q %s", strings.Join(check.Test[1:], " "), why))
			}
		}
	}
	return found
}

// saysNothing says why a health check comes out the same whatever the server does, or "".
func saysNothing(shell bool, text string) string {
	switch asks := strings.Contains(text, "mosquitto_sub"); {
	case asksNobody.MatchString(text):
		return "is right whatever the server does"
	case asks && !ends.MatchString(text):
		return "never ends, so it is wrong whatever the server does: mosquitto_sub ends after one message with -C 1"
	case asks && shell && expanded.MatchString(text):
		return "is wrong whatever the server does: the shell puts its own variable SYS, which is empty, into the topic: put it into single quotes, as '$$SYS/#'"
	}
	return ""
}
