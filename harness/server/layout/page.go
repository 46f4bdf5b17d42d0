package layout

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const pageHead = `# The container images, and how we know what is in them

<!-- written by go test ./harness/server/layout -update, from harness/server/layout/layouts.yaml -->

In containers, each server runs in its public image: as the image's own user, with the image's own
jars and Java, and with files in a folder that belongs to that user. Neither a shell nor root is
needed inside, and the host needs neither Java nor Maven. What an image lacks is brought in by a volume,
once for each run: hoplab's own program for servers that are built in, which run in mosquitto's image,
and connectors for Flink and Kafka Connect. Without mvn, these jars are fetched by HTTP and checked by
their SHA-256: from Maven's local repository, or from the mirror of central that your
~/.m2/settings.xml names, with its login, through the proxy that it names, or else the environment's.

The machines on which hoplab is made can't pull images. What follows was read in the images' public
sources; each fact has its place. ` + "`lab dev images build`" + ` makes images that are laid out by the same
description ([below](#lookalikes)), in which CI runs the scenarios.
`

const pageTail = `
## Lookalikes

` + "`lab dev images build`" + ` makes images of Debian's packages and the Maven artefacts that the runtime ` + "`local`" + `
uses. Of a public image they have paths, users, USER, ENV, VOLUME, EXPOSE, WORKDIR, and ENTRYPOINT and
CMD that name nothing, since hoplab uses neither. Those that are Alpine in public have BusyBox's tools
only. With ` + "`--like-public`" + ` they also have the public names, which is for CI; an image that has such a name
already isn't replaced.

**Kibana and Grafana have stand-ins, not lookalikes.** hoplab has these as public images only. With ` + "`--like-public`" + `
their images have the public ones' layout, and hoplab's own program (harness/client/standin) in the place
of the server: it reads its settings in the documented order, Grafana's ini file, environment and arguments,
Kibana's file and arguments; it provisions data sources and dashboards, and answers the part of the HTTP API
that hoplab asks for. It draws nothing. scenarios/grafana and scenarios/kibana have ` + "`stand-in`" + ` or ` + "`real`" + `
in the names of the tests that need these servers: with a stand-in they show that files, paths, users and
addresses in the containers are right, and nothing about Grafana and Kibana.

They differ in what can't be had without a registry:

| | in public | lookalike |
|---|---|---|
| C library of the Alpine images | musl | Debian's glibc |
| Java | Temurin 21 (Kafka), 17 (Flink), Elastic's own (Elasticsearch) | Debian's OpenJDK: 21 for Kafka and Elasticsearch 9 (Debian 13's), 17 for the others (Debian 12's) |
| Mosquitto | 2.0.22 | Debian's |
| Flink's jars | the distribution's few large ones | the same code in its single jars |
| Elasticsearch | with X-Pack | the distribution without it |

## What only a real pull can show

- whether each tag is there for each platform, how large the download is, and whether its digest is still
  the one above;
- whether Kibana and Grafana start with our settings;
- whether Elasticsearch with X-Pack starts within its memory and time;
- whether mosquitto and the JVMs run on musl as they do here.

On a machine that can pull, ` + "`HOPLAB_RUNTIME=containers go test ./scenarios/...`" + ` answers all of them.
`

// Page returns docs/images.md.
func Page() string {
	var b strings.Builder
	b.WriteString(pageHead)
	for _, name := range Names() {
		section(&b, all[name])
	}
	b.WriteString(pageTail)
	return b.String()
}

// quoted is code in Markdown, or nothing.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

func section(b *strings.Builder, l Layout) {
	fmt.Fprintf(b, "\n## %s\n\n| image | platforms | digest when it was read |\n|---|---|---|\n", l.Name)
	for _, name := range slices.Sorted(maps.Keys(l.Tags)) {
		tag := l.Tags[name]
		fmt.Fprintf(b, "| `%s:%s` | %s | %s |\n", l.Repository, name, strings.Join(tag.Platforms, ", "), quoted(tag.Digest))
	}
	b.WriteString("\n| | |\n|---|---|\n")
	row := func(what string, values ...string) {
		if text := strings.Join(values, "`, `"); text != "" {
			fmt.Fprintf(b, "| %s | `%s` |\n", what, text)
		}
	}
	row("the server runs as", l.User)
	row("USER", l.RunsAs)
	for _, name := range slices.Sorted(maps.Keys(l.Tags)) {
		row("USER of "+name, l.Tags[name].RunsAs)
	}
	row("the program", l.Executable)
	row("Java", l.JavaHome)
	row("jars", l.Classes...)
	row("WORKDIR", l.Workdir)
	for _, key := range slices.Sorted(maps.Keys(l.Env)) {
		row("ENV", key+"="+l.Env[key])
	}
	row("VOLUME", l.Volumes...)
	row("EXPOSE", strings.Trim(fmt.Sprint(l.Expose), "[]"))
	row("ENTRYPOINT", strings.Join(l.Entrypoint, " "))
	row("CMD", strings.Join(l.Command, " "))
	b.WriteString("\n")
	for _, s := range l.Sources {
		fmt.Fprintf(b, "- %s: %s\n", s.Fact, s.At)
	}
}
