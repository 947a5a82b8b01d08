# NAME.toml(5), for the variable `name`, out of the comments of conf/actiond.toml: the settings are described in one place.
BEGIN {
  print ".TH " toupper(name) ".TOML 5 \"\" \"" name "\" \"File Formats\"\n.SH NAME"
  print name ".toml \\- settings of " name "\n.SH DESCRIPTION"
}
/^#/ { sub(/^# ?/, ""); text = text $0 "\n" }
/^$/ && !head { printf "%s", clean(text); print ".SH SETTINGS"; text = ""; head = 1 }
/^\[/ { print ".SS " $0 }
/^[a-z_]+ = / {
  printf ".TP\n.B %s\n%s", $1, clean(text); text = ""
  sub(/^[a-z_]+ = /, ""); print "Shipped as\n.BR " clean($0) "."
}
END { print ".SH SEE ALSO\n.BR " name " (1)" }
function clean(words) {
  gsub(/\\/, "\\e", words); gsub(/-/, "\\-", words); gsub(/`/, "", words)
  gsub(/"/, "\\(dq", words)
  return words
}
