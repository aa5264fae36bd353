/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the small golden cases of one old release: java oracle.Cases RELEASE [CASE-PREFIX]...
 * Which of the classes with cases there are, the profile of pom.xml decides. */
package oracle;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public final class Cases {
	interface Case {
		void write(Write out, String name) throws Exception;
	}

	private static final String[] SOURCES = { "First", "Layers", "Nets", "Layers09", "Boltzmann",
		"Alpha" };

	private Cases() { }

	public static void main(String[] args) throws Exception {
		List<String> wanted = Arrays.asList(args).subList(1, args.length);
		Write out = new Write(args[0], Path.of("../../../data/golden"));
		Map<String, Case> cases = new LinkedHashMap<>();

		for (String source : SOURCES)
			try {
				Class.forName("oracle." + source).getDeclaredMethod("list", Map.class)
						.invoke(null, cases);
			} catch (ClassNotFoundException e) {
				continue;	/* another era's */
			}
		cases.forEach((name, c) -> {
			if (!wanted.isEmpty() && wanted.stream().noneMatch(name::startsWith))
				return;
			try {
				c.write(out, name);
			} catch (Exception | LinkageError e) {
				out.say(name, "left out", e);
			}
		});
		System.exit(0);
	}
}
