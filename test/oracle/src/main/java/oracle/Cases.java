/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the small golden cases of one release: java oracle.Cases RELEASE [CASE-PREFIX]...
 * A prefix that ends in a dot is a whole name. */
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

	private Cases() { }

	public static void main(String[] args) {
		List<String> wanted = Arrays.asList(args).subList(1, args.length);
		Write out = new Write(args[0], Path.of(System.getProperty("golden", "../../data/golden")));
		Map<String, Case> cases = new LinkedHashMap<>();

		LayerCases.list(cases);
		NetCases.list(cases);
		NormalizerCases.list(cases);
		RecurrentCases.list(cases);
		SpatialCases.list(cases);
		OtherCases.list(cases);
		cases.forEach((name, c) -> {
			if (!wanted.isEmpty() && wanted.stream().noneMatch((name + ".")::startsWith))
				return;
			try {
				c.write(out, name);
			} catch (Exception | LinkageError e) {	/* an older release may lack what it needs */
				out.say(name, "left out", e);
			}
			Moved.setType("FLOAT");
		});
		System.exit(0);
	}
}
