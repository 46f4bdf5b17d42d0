package compose

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// address is a host and port that a service has been given.
type address struct {
	key, host string // key is that of the service which has it
	port      uint32
}

var (
	hostPort = regexp.MustCompile(`(?:^|[\s"'=,/@\[(])([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?):([0-9]{2,5})(?:$|[\s"',/\])?])`)
	loopback = regexp.MustCompile(`^(localhost|127(\.\d+){3}|0\.0\.0\.0|host\.docker\.internal)$`)
)

// given returns the addresses of a service's command, entrypoint and environment, without
// those by which Kafka names itself.
func given(s types.ServiceConfig) (all []address) {
	look := func(key, text string) {
		for {
			m := hostPort.FindStringSubmatchIndex(text)
			if m == nil {
				return
			}
			port, err := strconv.ParseUint(text[m[4]:m[5]], 10, 16)
			if host := text[m[2]:m[3]]; err == nil && strings.ContainsFunc(host, letterOrDot) {
				all = append(all, address{key, host, uint32(port)})
			}
			text = text[m[5]:]
		}
	}
	for _, word := range s.Entrypoint {
		look("entrypoint", word)
	}
	for _, word := range s.Command {
		look("command", word)
	}
	for name, value := range s.Environment {
		if value != nil && !strings.HasPrefix(name, "KAFKA_") {
			look("environment", *value)
		}
	}
	return all
}

// letterOrDot: what has neither, such as 10:30, isn't an address.
func letterOrDot(c rune) bool { return c == '.' || c|' ' >= 'a' && c|' ' <= 'z' }

// Addresses finds addresses that lead elsewhere in a container than they seem to.
func (f *File) Addresses() (found []*Finding) {
	for _, name := range f.Services() {
		for _, a := range given(f.Project.Services[name]) {
			if why := f.unreachable(name, a); why != "" {
				found = append(found, f.at(name, a.key, "%s", why))
			}
		}
	}
	return append(found, f.advertised()...)
}

// unreachable says why a service doesn't reach an address, or "".
func (f *File) unreachable(from string, a address) string {
	if loopback.MatchString(a.host) {
		return fmt.Sprintf("%s:%d is this container itself: in a network, services have their names", a.host, a.port)
	}
	to, shared := f.named(from, a.host)
	switch {
	case to == "" && strings.Contains(a.host, "."):
		return "" // a server elsewhere
	case to == "":
		return fmt.Sprintf("%s:%d: no service has the name %s", a.host, a.port, a.host)
	case !shared:
		return fmt.Sprintf("%s:%d: %s and %s have no network in common", a.host, a.port, from, to)
	}
	for _, p := range f.Project.Services[to].Ports {
		if p.Published == fmt.Sprint(a.port) && p.Target != a.port && !f.listens(to, a.port) {
			return fmt.Sprintf("%s:%d is the port on the host; in the network %s has %d", a.host, a.port, to, p.Target)
		}
	}
	return f.kafkaAt(a, to)
}

// named returns the service that has a name in one of the networks of another, and
// whether they share that network.
func (f *File) named(from, host string) (service string, shared bool) {
	mine := f.Project.Services[from].Networks
	for _, link := range f.Project.Services[from].Links { // SERVICE:ALIAS
		if to, alias, _ := strings.Cut(link, ":"); alias == host {
			host = to
		}
	}
	for _, name := range f.Services() {
		s := f.Project.Services[name]
		for network, its := range s.Networks {
			if name != host && s.ContainerName != host && (its == nil || !slices.Contains(its.Aliases, host)) {
				continue
			}
			service = name
			if _, both := mine[network]; both {
				return name, true
			}
		}
	}
	return service, false
}
