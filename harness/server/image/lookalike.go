// Package image finds the container image that each component runs in: the public one, or
// a lookalike of it that `lab dev images build` has made from a distribution's packages
// and the same artefacts that the local runtime uses.
package image

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"

	"hoplab.example/fixtures"
	"hoplab.example/harness/server/layout"
	"hoplab.example/harness/util/reexec"
)

// lookalikeLabel has the sum of what a lookalike was made from.
const lookalikeLabel = "hoplab.lookalike"

// lookalike is an image to build, laid out as a public one.
type lookalike struct {
	public string // its reference
	layout layout.Layout
	poms   []string
	java   int
	// standIn: what it runs is hoplab's own program, whose sum is program.
	standIn bool
	program string
}

func newLookalike(public string) lookalike {
	l, tag, known := layout.ByImage(public)
	if !known { // the stacks' images are those of the layouts
		panic("image: there is no layout of " + public)
	}
	return lookalike{public: public, layout: l, poms: tag.Poms, java: tag.Java, standIn: l.StandIn}
}

// sum changes with whatever is in the image.
func (k lookalike) sum() string {
	all := sha256.New()
	for _, name := range k.poms {
		pom, err := fixtures.Pom(name)
		if err != nil {
			panic(err) // layouts name poms that exist, as a test says
		}
		all.Write(pom)
	}
	fmt.Fprint(all, k.dockerfile(), k.program)
	return hex.EncodeToString(all.Sum(nil)[:6])
}

// lookalikeName is what a lookalike is called beside the public image.
func lookalikeName(public string) string {
	k := newLookalike(public)
	return repository + "/" + k.layout.Name + ":" + k.tag() + "-" + k.sum()
}

func (k lookalike) tag() string {
	_, tag, _ := strings.Cut(path.Base(k.public), ":")
	return tag
}

// left are artefacts that a public image doesn't have: it has another logger.
var left = []string{"slf4j-simple-", "log4j-to-slf4j-", "log4j-api-2.24."}

// dockerfile is written for the build's context, whose folder "jars" has the artefacts.
func (k lookalike) dockerfile() string {
	l := k.layout
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("FROM %s AS whole", k.base().Name())
	if l.Userland == "busybox" {
		line("RUN %s", collect(k))
		line("FROM scratch\nCOPY --from=whole /out /\nRUN [\"/bin/busybox\", \"--install\", \"-s\"]")
	}
	name := l.Name
	if l.RunsAs != "" && !strings.ContainsAny(l.RunsAs[:1], "0123456789") {
		name = l.RunsAs
	}
	uid, gid, _ := strings.Cut(l.User, ":")
	line("RUN echo '%s:x:%s:%s::/:/bin/sh' >>/etc/passwd && echo '%s:x:%s:' >>/etc/group", name, uid, gid, name, gid)
	if len(k.poms) > 0 {
		line("COPY --chown=%s jars %s", owner(l), l.Classes[0])
	}
	switch {
	case k.standIn:
		k.startStandIn(line)
	case l.Name == "flink":
		line("RUN mkdir /opt/flink/opt && mv /opt/flink/lib/flink-sql-gateway-*.jar /opt/flink/opt/")
	case l.Name == "elasticsearch": // whose own Java is the only one in it
		line("RUN ln -s \"$(readlink -f /opt/java/openjdk)\" %s && rm -r /opt/java", l.JavaHome)
	}
	instructions(line, l)
	return b.String()
}

// standInProgram is where a stand-in's image has hoplab's own program.
const standInProgram = "/opt/hoplab/stand-in"

// startStandIn puts a script in place of the server's program, and makes the folders
// that the image has.
func (k lookalike) startStandIn(line func(string, ...any)) {
	l := k.layout
	line("COPY program %s", standInProgram)
	script := fmt.Sprintf(`#!/bin/sh\n%s exec %s %s "$@"\n`, reexec.Env(l.StandInRole()), standInProgram, k.tag())
	line("RUN mkdir -p %s && printf '%s' >%s && chmod 755 %[3]s", path.Dir(l.Executable), script, l.Executable)
	if len(l.Folders) > 0 {
		line("RUN mkdir -p %s && chown %s %[1]s", strings.Join(l.Folders, " "), l.User)
	}
}

func owner(l layout.Layout) string {
	if l.Name == "elasticsearch" {
		return "0:0"
	}
	return l.User
}

// instructions are those that the public image's configuration comes from.
func instructions(line func(string, ...any), l layout.Layout) {
	for _, key := range sortedKeys(l.Env) {
		line("ENV %s=%s", key, l.Env[key])
	}
	if len(l.Volumes) > 0 {
		line("VOLUME %s", quoted(l.Volumes))
	}
	line("EXPOSE %s", strings.Trim(fmt.Sprint(l.Expose), "[]"))
	if l.Workdir != "" {
		line("WORKDIR %s", l.Workdir)
	}
	if l.RunsAs != "" {
		line("USER %s", l.RunsAs)
	}
	line("ENTRYPOINT %s\nCMD %s", quoted(l.Entrypoint), quoted(l.Command))
}
