package handin

import (
	"strings"
	"testing"
)

// TestClassZipWithUnfitFiles: a file that one student has uploaded, and that can't be
// unpacked, takes nobody else's grade.
func TestClassZipWithUnfitFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	long := strings.Repeat("ñ", 200) // 400 bytes; most file systems have room for 255
	class := zipped(t, "Ada_1_assignsubmission_file_/publish.sh", "Eve_2_assignsubmission_file_/"+long+".sh",
		"Mallory_3_assignsubmission_file_/publish.sh", "Mallory_3_assignsubmission_file_/publish.sh/tables.sql", "../../tables.sql")
	put(t, ".", map[string]string{"class.zip": class})
	got, err := Open("class.zip", handedLabs)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	var read []string
	for _, s := range got.Submissions {
		read = append(read, s.Student+told(t, s))
	}
	if want := "Ada: 01-publish; Eve (there are no files that can be read); Mallory: 01-publish"; strings.Join(read, "; ") != want {
		t.Errorf("%s; want %s", strings.Join(read, "; "), want)
	}
	for _, want := range []string{"nothing to grade was found of Eve", "; left out of an archive: ", "ñ.sh (file name too long)", "publish.sh/tables.sql (file exists)", "../../tables.sql (it leads out of the archive)"} {
		if !strings.Contains(got.Problems(), want) {
			t.Errorf("%s; want %q", got.Problems(), want)
		}
	}
}

// TestClassZipWithALongFile: what is longer than all of a student's files may be is left
// out of the class's zip.
func TestClassZipWithALongFile(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, ".", map[string]string{"class.zip": withZeros(t, "Eve_2_assignsubmission_file_/publish.sh", studentBytes+1, "Ada_1_assignsubmission_file_/publish.sh")})
	got, err := Open("class.zip", handedLabs)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	if want := "left out of an archive: Eve_2_assignsubmission_file_/publish.sh (it is longer than 64 MiB)"; len(got.Submissions) != 2 || got.Submissions[0].Problem != "" || !strings.HasSuffix(got.Problems(), want) {
		t.Errorf("%+v, %s; want %q", got.Submissions, got.Problems(), want)
	}
}
