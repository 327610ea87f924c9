#!/usr/bin/env bash
# Checks every import in Sources against the dependencies that Package.swift declares, so that a target uses only the
# floors below it, and that no source file passes 400 lines. The package manager's own check misses imports that are
# reachable through a dependency.
set -euo pipefail
cd "$(dirname "$0")/.."

perl -we '
  use strict;
  use File::Find;
  open my $package, "<", "Package.swift" or die "Package.swift: $!\n";
  my $text = do { local $/; <$package> };
  my @failures;
  for my $part (split /\.(?=target\(|executableTarget\(|testTarget\()/, $text) {
    next unless $part =~ /^(?:target|executableTarget)\(\s*name: "(\w+)"/;
    my $target = $1;
    # Test support lies under Tests and may use every floor.
    next if $part =~ /path: "Tests\//;
    my ($list) = $part =~ /dependencies: \[(.*?)\]\)/s;
    my %allowed = map { $_ => 1 } qw(Foundation Glibc Darwin Dispatch Synchronization);
    # Products of other packages stand by their own name; what comes after "package:" is not a module.
    ($list //= "") =~ s/package: "[^"]*"//g;
    $allowed{$1} = 1 while $list =~ /"([\w-]+)"/g;
    find({ no_chdir => 1, wanted => sub {
      return unless /\.(?:swift|c|cpp|h)$/;
      open my $file, "<", $_ or die "$_: $!\n";
      my $lines = 0;
      while (my $line = <$file>) {
        $lines++;
        next unless /\.swift$/ && $line =~ /^\s*(?:@\w+\s+)?import\s+(?:(?:struct|enum|class|func|protocol)\s+)?(\w+)/;
        push @failures, "$_:$lines: $target may not import $1" unless $allowed{$1};
      }
      push @failures, "$_: $lines lines, the ceiling is 400" if $lines > 400;
    }}, "Sources/$target");
  }
  print "$_\n" for @failures;
  exit(@failures ? 1 : 0);
'
