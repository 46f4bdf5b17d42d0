package grade

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"hoplab.example/harness/exercise/compose"
	"hoplab.example/harness/exercise/lab"
)

func init() {
	file := lab.Option{Name: "file", Type: lab.FileOption, Doc: "the compose file; without it the lab's first file"}
	after := []string{"compose"}
	register(lab.Kind{Name: "compose", Options: []lab.Option{file,
		{Name: "services", Type: lab.FieldsOption, Doc: "services that there must be"},
	}, Doc: "compose's own library reads the file, which takes nothing of the machine: no privileged service, no folder of the host, no other file"}, checkCompose)
	register(lab.Kind{Name: "compose-images", Needs: after, Options: []lab.Option{file}, Doc: "each image has a tag that names a version"},
		composed((*compose.File).Unpinned))
	register(lab.Kind{Name: "compose-addresses", Needs: after, Options: []lab.Option{file,
		{Name: "kafka", Type: lab.TextOption, Doc: "the service that is Kafka"},
		{Name: "port", Type: lab.TextOption, Doc: "the port of localhost at which programs on the host reach Kafka"},
	}, Doc: "each service's addresses lead to a service of its networks, and Kafka advertises addresses that its clients reach"}, checkComposeAddresses)
	register(lab.Kind{Name: "compose-ready", Needs: after, Options: []lab.Option{file},
		Doc: "services wait until those that they use are healthy, and a health check asks the server"}, composed((*compose.File).Ready))
	register(lab.Kind{Name: "compose-data", Needs: after, Options: []lab.Option{file},
		Rest: "a service's name, with the folder of its data in the container, or $NAME for the environment variable that has it",
		Doc:  "what services keep is in named volumes"}, checkComposeData)
	register(lab.Kind{Name: "compose-ports", Needs: after, Options: []lab.Option{file}, Doc: "ports are published on this machine only"},
		composed((*compose.File).Open))
	register(lab.Kind{Name: "dockerfile", Options: []lab.Option{
		{Name: "file", Type: lab.FileOption, Required: true, Doc: "the Dockerfile"},
		{Name: "beside", Type: lab.FieldsOption, Doc: "files that are in its folder besides the lab's"},
	}, Doc: "the Dockerfile begins with a version, copies files that exist, and runs its program directly, not as root"}, checkDockerfile)
}

// shownFindings is how many of what was found a reason has.
const shownFindings = 3

// allOf is the verdict of what was found.
func allOf(found []*compose.Finding) verdict {
	if len(found) == 0 {
		return passed()
	}
	slices.SortStableFunc(found, func(a, b *compose.Finding) int { return a.Line - b.Line })
	var errs []error
	for _, f := range found[:min(shownFindings, len(found))] {
		errs = append(errs, f)
	}
	if more := len(found) - shownFindings; more > 0 {
		errs = append(errs, fmt.Errorf("and %d more", more))
	}
	return failed(errors.Join(errs...))
}

// composeFile reads the compose file that a check names.
func (a *attempt) composeFile(ctx context.Context, c lab.Check) (*compose.File, error) {
	label, text, err := a.open(a.fileOf(c))
	if err != nil {
		return nil, err
	}
	return compose.Read(ctx, label, text)
}

// composed makes a check of what is found in a compose file.
func composed(find func(*compose.File) []*compose.Finding) kind {
	return func(ctx context.Context, a *attempt, c lab.Check) verdict {
		f, err := a.composeFile(ctx, c)
		if err != nil {
			return failed(err)
		}
		return allOf(find(f))
	}
}

func checkCompose(ctx context.Context, a *attempt, c lab.Check) verdict {
	return composed(func(f *compose.File) []*compose.Finding {
		return append(f.Safe(), f.Missing(strings.Fields(c.With["services"])...)...)
	})(ctx, a, c)
}

func checkComposeAddresses(ctx context.Context, a *attempt, c lab.Check) verdict {
	text, err := a.own(c, "port")
	if err != nil {
		return broken(err)
	}
	return composed(func(f *compose.File) []*compose.Finding {
		found := f.Addresses()
		if port, err := strconv.ParseUint(text, 10, 16); err == nil {
			if wrong := f.HostPort(c.With["kafka"], uint32(port)); wrong != nil {
				found = append(found, wrong)
			}
		}
		return found
	})(ctx, a, c)
}

func checkComposeData(ctx context.Context, a *attempt, c lab.Check) verdict {
	return composed(func(f *compose.File) (found []*compose.Finding) {
		for _, service := range slices.Sorted(maps.Keys(c.With)) {
			if service == "file" {
				continue
			}
			if lost := f.Lost(service, c.With[service]); lost != nil {
				found = append(found, lost)
			}
		}
		return found
	})(ctx, a, c)
}

func checkDockerfile(ctx context.Context, a *attempt, c lab.Check) verdict {
	label, text, err := a.open(c.With["file"])
	if err != nil {
		return failed(err)
	}
	beside := append(slices.Clone(a.lab.Files), strings.Fields(c.With["beside"])...)
	found := compose.Dockerfile(label, text, beside...)
	if f, err := a.composeFile(ctx, lab.Check{}); err == nil { // what is wrong with that one, other checks say
		found = append(found, f.Replaced(label, text)...)
	}
	return allOf(found)
}
